import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { html } from './html.ts';

/** A table as the diagram draws it. */
export interface DrawnTable {
  readonly name: string;
  readonly columns: readonly DrawnColumn[];
}

interface DrawnColumn {
  readonly name: string;
  readonly type: string;
  /** `key`, `unique`, `optional` … */
  readonly marks: string;
  /** The table that it refers to. */
  readonly refersTo?: string | undefined;
}

interface DiagramProps {
  readonly tables: readonly DrawnTable[];
  /** Where a table leads to; none where there is nothing to see yet. */
  readonly linkOf?: ((table: string) => string) | undefined;
}

const ROW = 20;
const HEAD = 30;
const WIDTH = 250;
const GAP_X = 90;
const GAP_Y = 30;
/** Columns of a table that are drawn; the rest is counted. */
const MOST_COLUMNS = 14;

interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const WHOLE: View = { x: 0, y: 0, scale: 1 };

/** Tables and their references; moved by dragging or the arrow keys, made larger by buttons, + and -. */
export function Diagram({ tables, linkOf }: DiagramProps): VNode {
  const [view, setView] = useState(WHOLE);
  const dragged = useRef<{ x: number; y: number } | undefined>(undefined);
  const { cards, width, height } = layOut(tables);
  const move = (x: number, y: number): void =>
    setView((from) => ({ ...from, x: from.x + x / from.scale, y: from.y + y / from.scale }));
  const zoom = (factor: number): void =>
    setView((from) => ({ ...from, scale: Math.min(4, Math.max(0.2, from.scale * factor)) }));
  const onKey = (event: KeyboardEvent): void => {
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act(move, zoom, () => setView(WHOLE));
  };
  return html`<figure class="diagram">
    <div class="tools">
      <button type="button" onClick=${() => zoom(1.25)} aria-label="Larger">+</button>
      <button type="button" onClick=${() => zoom(0.8)} aria-label="Smaller">−</button>
      <button type="button" onClick=${() => setView(WHOLE)}>All of it</button>
    </div>
    <svg
      viewBox=${`${-view.x} ${-view.y} ${width / view.scale} ${height / view.scale}`}
      style=${{ aspectRatio: `${width} / ${height}` }}
      tabindex="0"
      role="group"
      aria-label=${`Diagram of ${tables.map(({ name }) => name).join(', ')}`}
      onKeyDown=${onKey}
      onPointerDown=${(event: PointerEvent) => (dragged.current = { x: event.clientX, y: event.clientY })}
      onPointerMove=${(event: PointerEvent) => {
        const from = dragged.current;
        if (!from || event.buttons === 0) return;
        move(event.clientX - from.x, event.clientY - from.y);
        dragged.current = { x: event.clientX, y: event.clientY };
      }}
    >
      ${cards.flatMap((card) => references(card, cards))} ${cards.map((card) => drawCard(card, linkOf))}
    </svg>
  </figure>`;
}

type Act = (move: (x: number, y: number) => void, zoom: (factor: number) => void, reset: () => void) => void;

const KEYS: Readonly<Record<string, Act>> = {
  ArrowLeft: (move) => move(40, 0),
  ArrowRight: (move) => move(-40, 0),
  ArrowUp: (move) => move(0, 40),
  ArrowDown: (move) => move(0, -40),
  '+': (_, zoom) => zoom(1.25),
  '-': (_, zoom) => zoom(0.8),
  '0': (_move, _zoom, reset) => reset(),
};

interface Card {
  readonly table: DrawnTable;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** In columns: what refers to nothing on the left, and each table to the right of those that it refers to. */
function layOut(tables: readonly DrawnTable[]): {
  readonly cards: readonly Card[];
  readonly width: number;
  readonly height: number;
} {
  const ranks = ranksOf(tables);
  const filled: number[] = [];
  const cards = tables.map((table) => {
    const column = placeFor(ranks.get(table.name) ?? 0, filled);
    const height = HEAD + ROW * Math.min(table.columns.length, MOST_COLUMNS + 1) + 8;
    const card = { table, x: 10 + column * (WIDTH + GAP_X), y: filled[column] ?? 10, height };
    filled[column] = card.y + height + GAP_Y;
    return card;
  });
  const width = Math.max(2, filled.length) * (WIDTH + GAP_X) - GAP_X + 20;
  return { cards, width, height: Math.max(160, ...filled) };
}

/** A rank that many tables share takes several columns, so that the picture stays about as high as it is wide. */
function placeFor(rank: number, filled: readonly number[]): number {
  const column = rank;
  return (filled[column] ?? 0) > 2400 ? filled.length : column;
}

function ranksOf(tables: readonly DrawnTable[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  const rankOf = (name: string, seen: readonly string[]): number => {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    const parents =
      tables.find((table) => table.name === name)?.columns.flatMap(({ refersTo }) => refersTo ?? []) ?? [];
    const others = parents.filter((parent) => parent !== name && !seen.includes(parent));
    const rank = others.length === 0 ? 0 : 1 + Math.max(...others.map((parent) => rankOf(parent, [...seen, name])));
    ranks.set(name, Math.min(rank, 5));
    return Math.min(rank, 5);
  };
  for (const { name } of tables) rankOf(name, []);
  return ranks;
}

function references(card: Card, cards: readonly Card[]): VNode[] {
  return card.table.columns.flatMap(({ refersTo }, index) => {
    const target = cards.find(({ table }) => table.name === refersTo);
    if (!target) return [];
    const y = card.y + HEAD + ROW * (Math.min(index, MOST_COLUMNS) + 0.5);
    const toY = target.y + HEAD / 2;
    const isLeft = target.x < card.x;
    const [from, to] = isLeft ? [card.x, target.x + WIDTH] : [card.x + WIDTH, target.x + WIDTH];
    const bend = isLeft ? (from + to) / 2 : Math.max(from, to) + GAP_X / 2;
    return [html`<path class="reference" d=${`M ${from} ${y} C ${bend} ${y} ${bend} ${toY} ${to} ${toY}`} />`];
  });
}

function drawCard({ table, x, y, height }: Card, linkOf: DiagramProps['linkOf']): VNode {
  const shown = table.columns.slice(0, MOST_COLUMNS);
  const more = table.columns.length - shown.length;
  const name = html`<text class="table-name" x=${x + 12} y=${y + 20}>${cut(table.name, 28)}</text>`;
  return html`<g>
    <rect class="card" x=${x} y=${y} width=${WIDTH} height=${height} rx="6" />
    ${linkOf ? html`<a href=${linkOf(table.name)} aria-label=${`Rows of ${table.name}`}>${name}</a>` : name}
    ${shown.map(({ name: column, type, marks }, index) => {
      const line = y + HEAD + ROW * index + 14;
      return html`<text x=${x + 12} y=${line}>${cut(column, 20)}<title>${`${column} ${type} ${marks}`}</title></text>
        <text class="type" x=${x + WIDTH - 10} y=${line} text-anchor="end"
          >${cut(`${type}${marks === '' ? '' : ` · ${marks}`}`, 20)}</text
        >`;
    })}
    ${more > 0 && html`<text class="type" x=${x + 12} y=${y + HEAD + ROW * shown.length + 14}>and ${more} more</text>`}
  </g>`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
