--
-- PostgreSQL database dump
--

\restrict DEWEfmAFn6LiHao9QWPksYnfjILHaH1uCpYfdyR06x4CDTKeDgbzBII58bhgNr5

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: private; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA private;


ALTER SCHEMA private OWNER TO postgres;

--
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: pg_database_owner
--

COMMENT ON SCHEMA public IS 'std';


--
-- Name: mood; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE public.mood AS ENUM (
    'happy',
    'don''t know'
);


ALTER TYPE public.mood OWNER TO postgres;

--
-- Name: add(integer, integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.add(a integer, b integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    AS $$ select a+b; $$;


ALTER FUNCTION public.add(a integer, b integer) OWNER TO postgres;

--
-- Name: touch(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ begin new."createdAt" = now(); return new; end $$;


ALTER FUNCTION public.touch() OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: customers; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.customers (
    id integer NOT NULL,
    email character varying(255) NOT NULL,
    mood public.mood DEFAULT 'happy'::public.mood,
    "createdAt" timestamp with time zone DEFAULT now() NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    balance numeric(12,2) DEFAULT 0.00,
    CONSTRAINT customers_balance_check CHECK ((balance >= (0)::numeric))
);


ALTER TABLE public.customers OWNER TO postgres;

--
-- Name: TABLE customers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.customers IS 'People;
-- who buy
\d x
```';


--
-- Name: COLUMN customers.email; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.customers.email IS 'where it''s sent';


--
-- Name: customers_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.customers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.customers_id_seq OWNER TO postgres;

--
-- Name: customers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.customers_id_seq OWNED BY public.customers.id;


--
-- Name: mv; Type: MATERIALIZED VIEW; Schema: public; Owner: postgres
--

CREATE MATERIALIZED VIEW public.mv AS
 SELECT customers.id
   FROM public.customers
  WITH NO DATA;


ALTER TABLE public.mv OWNER TO postgres;

--
-- Name: order_no; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.order_no
    START WITH 1000
    INCREMENT BY 5
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.order_no OWNER TO postgres;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    no integer DEFAULT nextval('public.order_no'::regclass) NOT NULL,
    customer_id integer NOT NULL,
    total double precision,
    note text DEFAULT 'a;b'::text,
    placed date DEFAULT CURRENT_DATE,
    slug text GENERATED ALWAYS AS (lower(note)) STORED,
    CONSTRAINT pos CHECK (((total > (0)::double precision) AND (note <> ''::text)))
);
ALTER TABLE ONLY public.orders ALTER COLUMN note SET STATISTICS 500;
ALTER TABLE ONLY public.orders ALTER COLUMN note SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.orders REPLICA IDENTITY FULL;


ALTER TABLE public.orders OWNER TO postgres;

--
-- Name: CONSTRAINT pos ON orders; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON CONSTRAINT pos ON public.orders IS 'positive';


--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 500
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: unused; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.unused
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.unused OWNER TO postgres;

--
-- Name: v; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.v AS
 SELECT customers.id,
    customers.email,
    customers.mood,
    customers."createdAt",
    customers.tags,
    customers.balance
   FROM public.customers;


ALTER TABLE public.v OWNER TO postgres;

--
-- Name: VIEW v; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW public.v IS 'x';


--
-- Name: customers id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.customers ALTER COLUMN id SET DEFAULT nextval('public.customers_id_seq'::regclass);


--
-- Name: customers customers_email_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_email_key UNIQUE (email);


--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: orders orders_no_customer_id_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_no_customer_id_key UNIQUE NULLS NOT DISTINCT (no, customer_id);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: customers_lower_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX customers_lower_idx ON public.customers USING btree (lower((email)::text));


--
-- Name: mv_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX mv_id_idx ON public.mv USING btree (id);


--
-- Name: only_happy; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX only_happy ON public.customers USING btree (mood) INCLUDE (email) WHERE (mood = 'happy'::public.mood);


--
-- Name: INDEX only_happy; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.only_happy IS 'x';


--
-- Name: orders_customer_id_placed_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX orders_customer_id_placed_idx ON public.orders USING btree (customer_id, placed DESC NULLS LAST) WHERE (total > (10)::double precision);


--
-- Name: st; Type: STATISTICS; Schema: public; Owner: postgres
--

CREATE STATISTICS public.st ON no, customer_id FROM public.orders;


ALTER STATISTICS public.st OWNER TO postgres;

--
-- Name: customers t; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER t BEFORE UPDATE ON public.customers FOR EACH ROW EXECUTE FUNCTION public.touch();


--
-- Name: orders orders_customer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;

--
-- Name: customers p; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY p ON public.customers FOR SELECT USING (true);


--
-- Name: pub; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION pub WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION pub OWNER TO postgres;

--
-- Name: pub customers; Type: PUBLICATION TABLE; Schema: public; Owner: postgres
--

ALTER PUBLICATION pub ADD TABLE ONLY public.customers;


--
-- Name: TABLE customers; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.customers TO clerk;


--
-- PostgreSQL database dump complete
--

\unrestrict DEWEfmAFn6LiHao9QWPksYnfjILHaH1uCpYfdyR06x4CDTKeDgbzBII58bhgNr5

