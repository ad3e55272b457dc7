import type { DatabaseSchema } from '../domain/database-schema.ts';
import { CARD, rowMiddle, type ErCard, type ErRow } from './er-cards.ts';
import { layOut, type ErRelation, type Point } from './er-layout.ts';

const STYLE = `
  svg { color-scheme: light dark; }
  text { font: 12px ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1e293b; }
  .paper { fill: #f8fafc; }
  .card { fill: #ffffff; stroke: #cbd5e1; }
  .head { fill: #4f46e5; } .junction .head { fill: #0f766e; } .enum .head { fill: #64748b; }
  .title { font-size: 13px; font-weight: 700; fill: #ffffff; }
  .kind { font-size: 10px; fill: #e2e8f0; }
  .type { fill: #64748b; }
  .key { font-weight: 700; }
  .line { stroke: #f1f5f9; }
  .badge { font-size: 9.5px; font-weight: 700; }
  .pk { fill: #fef3c7; } .pk + text { fill: #92400e; }
  .fk { fill: #e0e7ff; } .fk + text { fill: #3730a3; }
  .uq { fill: #dcfce7; } .uq + text { fill: #166534; }
  .relation, .foot { fill: none; stroke: #64748b; stroke-width: 1.4; }
  .hole { fill: #f8fafc; stroke: #64748b; stroke-width: 1.4; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e2e8f0; }
    .paper { fill: #0b1120; }
    .card { fill: #131c31; stroke: #334155; }
    .head { fill: #4338ca; } .junction .head { fill: #115e59; } .enum .head { fill: #475569; }
    .title { fill: #ffffff; }
    .kind, .type { fill: #94a3b8; }
    .line { stroke: #1e293b; }
    .pk { fill: #78350f; } .pk + text { fill: #fde68a; }
    .fk { fill: #3730a3; } .fk + text { fill: #e0e7ff; }
    .uq { fill: #14532d; } .uq + text { fill: #bbf7d0; }
    .relation, .foot, .hole { stroke: #94a3b8; }
    .hole { fill: #0b1120; }
  }`;

/** The ends of a line, drawn as if it came from the left; a `use` mirrors them where it comes from the right. */
const FEET = `
  <g id="many"><path class="foot" d="M-12 0L0 -6M-12 0L0 6"/><circle class="hole" cx="-16" cy="0" r="4"/></g>
  <g id="single"><path class="foot" d="M-7 -6V6"/><circle class="hole" cx="-13" cy="0" r="4"/></g>
  <g id="one"><path class="foot" d="M-7 -6V6M-11 -6V6"/></g>
  <g id="none-or-one"><path class="foot" d="M-7 -6V6"/><circle class="hole" cx="-13" cy="0" r="4"/></g>`;

/** The schema as an ER diagram: one SVG that needs nothing from outside and follows the reader's colour scheme. */
export async function renderErSvg(schema: DatabaseSchema): Promise<string> {
  const { width, height, cards, relations } = await layOut(schema);
  const [w, h] = [Math.max(width, 240), Math.max(height, 96)];
  const body = cards.length > 0 ? [...relations.map(drawRelation), ...cards.map(drawCard)].join('\n') : drawEmpty(w, h);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-labelledby="title">
<title id="title">${escapeXml(describe(schema))}</title>
<style>${STYLE}
</style>
<defs>${FEET}
</defs>
<rect class="paper" width="${w}" height="${h}" rx="12"/>
${body}
</svg>
`;
}

function describe(schema: DatabaseSchema): string {
  const names = schema.tables.map(({ name }) => name).join(', ');
  return names ? `Entity relationship diagram of ${names}` : 'Entity relationship diagram without tables';
}

function drawEmpty(width: number, height: number): string {
  return `<text class="type" x="${width / 2}" y="${height / 2 + 4}" text-anchor="middle">no tables</text>`;
}

function drawCard(card: ErCard & Point): string {
  const { width, height, headerHeight: head } = { ...card, ...CARD };
  const rows = card.rows.map((row, index) => drawRow(card, row, index)).join('');
  const kind =
    card.kind === 'enum' ? `<text class="kind" x="${width - CARD.padding}" y="22" text-anchor="end">enum</text>` : '';
  return `<g class="${card.kind}" transform="translate(${round(card.x)} ${round(card.y)})">${tooltip(card.comment)}
<rect class="card" width="${width}" height="${height}" rx="8"/>
<path class="head" d="M0 ${head}V8A8 8 0 0 1 8 0H${width - 8}A8 8 0 0 1 ${width} 8V${head}Z"/>
<text class="title" x="${CARD.padding}" y="23">${escapeXml(card.title)}</text>${kind}
${rows}</g>`;
}

function drawRow(card: ErCard, row: ErRow, index: number): string {
  const middle = rowMiddle(index);
  const line = index > 0 ? `<path class="line" d="M1 ${middle - CARD.rowHeight / 2}H${card.width - 1}"/>` : '';
  const badges = row.badges
    .map((badge, place) => drawBadge(badge, CARD.padding + place * (CARD.badgeWidth + CARD.badgeGap), middle))
    .join('');
  const start = CARD.padding + row.badges.length * (CARD.badgeWidth + CARD.badgeGap);
  const name = `<text${row.badges.includes('PK') ? ' class="key"' : ''} x="${start}" y="${middle + 4}">${escapeXml(row.text)}</text>`;
  const type = row.type
    ? `<text class="type" x="${card.width - CARD.padding}" y="${middle + 4}" text-anchor="end">${escapeXml(row.type)}${row.optional ? '?' : ''}</text>`
    : '';
  return `<g>${tooltip(row.comment)}${line}${badges}${name}${type}</g>\n`;
}

function drawBadge(badge: string, x: number, middle: number): string {
  const left = x + CARD.badgeWidth / 2;
  return `<rect class="${badge.toLowerCase()}" x="${x}" y="${middle - 8}" width="${CARD.badgeWidth}" height="16" rx="4"/><text class="badge" x="${left}" y="${middle + 3.5}" text-anchor="middle">${badge}</text>`;
}

function tooltip(comment: string | undefined): string {
  return comment === undefined ? '' : `<title>${escapeXml(comment)}</title>`;
}

function drawRelation(relation: ErRelation): string {
  const { points, loop, label } = relation;
  const [start, end] = [points[0], points.at(-1)];
  if (!start || !end) return '';
  const parent = drawFoot(relation.optional ? 'none-or-one' : 'one', start, true);
  const child = drawFoot(relation.single ? 'single' : 'many', end, loop);
  return `<g><title>${escapeXml(label)}</title><path class="relation" d="${roundedPath(points)}"/>${parent}${child}</g>`;
}

/** `fromRight`: the line reaches the card's right side. */
function drawFoot(foot: string, { x, y }: Point, fromRight: boolean): string {
  return `<use href="#${foot}" transform="translate(${round(x)} ${round(y)})${fromRight ? ' scale(-1 1)' : ''}"/>`;
}

const CORNER = 7;

/** A line through the points, its corners rounded as far as the stretches between them allow. */
function roundedPath(points: readonly Point[]): string {
  const corners = points.slice(1, -1).map((corner, index) => {
    const [before, after] = [points[index]!, points[index + 2]!];
    const radius = Math.min(CORNER, distance(before, corner) / 2, distance(corner, after) / 2);
    return `L${at(towards(corner, before, radius))}Q${at(corner)} ${at(towards(corner, after, radius))}`;
  });
  return `M${at(points[0]!)}${corners.join('')}L${at(points.at(-1)!)}`;
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function towards(from: Point, to: Point, length: number): Point {
  const share = length / (distance(from, to) || 1);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Text that is safe between tags and in attributes; characters that XML cannot hold at all become a replacement. */
function escapeXml(text: string): string {
  const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
