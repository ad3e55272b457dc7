-- Create a table for public profiles
create table profiles (
  id uuid references auth.users on delete cascade not null primary key,
  updated_at timestamp with time zone,
  username text unique,
  avatar_url text,
  constraint username_length check (char_length(username) >= 3)
);
alter table profiles
  enable row level security;
create policy "Public profiles are viewable by everyone." on profiles
  for select using (true);
create function public.handle_new_user()
returns trigger
set search_path = ''
as $$
begin
  insert into public.profiles (id) values (new.id);
  return new;
end;
$$ language plpgsql security definer;
create trigger on_auth_user_created
  after insert on auth.users
  for each row execute procedure public.handle_new_user();
create table if not exists notes (
  id uuid default uuid_generate_v4() primary key,
  owner uuid default auth.uid() references profiles (id),
  body text not null
);
drop policy if exists "x" on notes;
