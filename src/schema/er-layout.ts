import type { ElkExtendedEdge, ElkNode, ElkPort } from 'elkjs';
import type { DatabaseSchema, ForeignKey, Table } from '../domain/database-schema.ts';
import { cardId, erCards, rowMiddle, type ErCard } from './er-cards.ts';
import { isOptional, isSingle } from './er-relations.ts';
import { layOutGraph } from './lay-out-graph.ts';

/** An ER diagram with everything in its place; all measures are pixels. */
export interface ErLayout {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly (ErCard & Point)[];
  readonly relations: readonly ErRelation[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A foreign key's line, from the referenced table to the one that has it. */
export interface ErRelation {
  readonly label: string;
  readonly points: readonly Point[];
  /** Whether rows may reference nothing: said once where lines share an end, so of all of them. */
  readonly optional: boolean;
  /** Whether no two rows reference the same one. */
  readonly single: boolean;
  /** Whether the line leads to the table it comes from: then both ends are on its right. */
  readonly loop: boolean;
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=24,left=24,bottom=24,right=24]',
  'elk.spacing.nodeNode': '36',
  'elk.spacing.edgeNode': '24',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.componentComponent': '48',
  'elk.spacing.nodeSelfLoop': '26',
  'elk.layered.spacing.nodeNodeBetweenLayers': '84',
  'elk.layered.spacing.edgeNodeBetweenLayers': '32',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'PREFER_NODES',
  'elk.layered.thoroughness': '20',
};

/** The finest layout takes a time that grows with the square of the cards and more: seventeen seconds for sixty. */
const FEW_CARDS = 12;
const PLAIN = { 'elk.layered.thoroughness': '1', 'elk.layered.nodePlacement.strategy': 'SIMPLE' };

const NOTHING: ErLayout = { width: 0, height: 0, cards: [], relations: [] };

/** The distance between cards that no line ties to another, and of all cards from the edge. */
const GAP = 24;

/**
 * Places referenced tables to the left of those that reference them, with lines along rows and columns only; what
 * stands alone (enums too) follows below, line by line. So does everything, without lines, should that take too long.
 */
export async function layOut(schema: DatabaseSchema): Promise<ErLayout> {
  const relations = schema.tables.flatMap((table) => table.foreignKeys.map((key) => ({ table, key })));
  const tied = new Set(relations.flatMap(({ table, key }) => [cardId(table.name), cardId(key.referencedTable)]));
  const cards = erCards(schema);
  const graph = await placeTied(
    schema,
    cards.filter(({ id }) => tied.has(id)),
    relations,
  );
  const shelves = placeOnShelves(
    cards.filter(({ id }) => !tied.has(id)),
    graph,
  );
  return { ...shelves, cards: [...graph.cards, ...shelves.cards], relations: graph.relations };
}

async function placeTied(
  schema: DatabaseSchema,
  cards: readonly ErCard[],
  relations: readonly Relation[],
): Promise<ErLayout> {
  if (cards.length === 0) return NOTHING;
  const short = await placeInLayers(schema, cards, relations, { 'elk.layered.layering.strategy': 'NETWORK_SIMPLEX' });
  if (short.height < 1.4 * short.width || cards.length > FEW_CARDS) return short;
  // A table that everything references would have the others all in one column.
  return placeInLayers(schema, cards, relations, {
    'elk.layered.layering.strategy': 'COFFMAN_GRAHAM',
    'elk.layered.layering.coffmanGraham.layerBound': String(columnBound(cards)),
  });
}

async function placeInLayers(
  schema: DatabaseSchema,
  cards: readonly ErCard[],
  relations: readonly Relation[],
  options: Readonly<Record<string, string>>,
): Promise<ErLayout> {
  const placed = await layOutGraph({
    id: 'schema',
    layoutOptions: { ...OPTIONS, ...options, ...(cards.length > FEW_CARDS ? PLAIN : {}) },
    children: cards.map((card) => toNode(card, relations, schema)),
    edges: relations.map(({ table, key }, index) => toEdge(table, key, index)),
  });
  if (!placed) return { ...placeOnShelves(cards, NOTHING), relations: [] };
  const positions = new Map((placed.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
  return {
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    cards: cards.map((card) => ({ ...card, ...(positions.get(card.id) ?? { x: 0, y: 0 }) })),
    relations: (placed.edges ?? []).map((edge, index) => toRelation(relations[index]!, relations, edge)),
  };
}

/** How many cards may stand above each other, so that the diagram comes out wider than high. */
function columnBound(cards: readonly ErCard[]): number {
  const height = cards.reduce((sum, card) => sum + card.height + GAP, 0) / cards.length;
  const width = cards.reduce((sum, card) => sum + card.width, 0) / cards.length + 120;
  return Math.max(3, Math.ceil(Math.sqrt((cards.length * width) / (1.4 * height))));
}

/** Lines of cards below a graph, as wide as it is. */
function placeOnShelves(cards: readonly ErCard[], above: ErLayout): Omit<ErLayout, 'relations'> {
  const area = cards.reduce((sum, card) => sum + (card.width + GAP) * (card.height + GAP), 0);
  const lineWidth = Math.max(above.width, Math.sqrt(area * 1.8));
  const placed: (ErCard & Point)[] = [];
  let [x, y, lineHeight, width] = [GAP, Math.max(above.height, GAP), 0, above.width];
  for (const card of cards) {
    if (x > GAP && x + card.width + GAP > lineWidth) [x, y, lineHeight] = [GAP, y + lineHeight + GAP, 0];
    placed.push({ ...card, x, y });
    x += card.width + GAP;
    lineHeight = Math.max(lineHeight, card.height);
    width = Math.max(width, x);
  }
  const height = placed.length > 0 ? y + lineHeight + GAP : above.height;
  return { width: Math.ceil(width), height: Math.ceil(height), cards: placed };
}

interface Relation {
  readonly table: Table;
  readonly key: ForeignKey;
}

function toNode(card: ErCard, relations: readonly Relation[], schema: DatabaseSchema): ElkNode {
  const { id, width, height } = card;
  const node = { id, width, height, layoutOptions: { 'elk.portConstraints': 'FIXED_POS' } };
  const table = schema.tables.find(({ name }) => cardId(name) === id);
  if (!table) return node;
  const ports = new Map<string, ElkPort>();
  for (const { table: child, key } of relations) {
    if (key.referencedTable === table.name) addPort(ports, card, table, key.referencedColumns[0], 'EAST');
    if (child === table)
      addPort(ports, card, table, key.columns[0], key.referencedTable === table.name ? 'EAST' : 'WEST');
  }
  return { ...node, ports: [...ports.values()] };
}

function addPort(
  ports: Map<string, ElkPort>,
  card: ErCard,
  table: Table,
  column: string | undefined,
  side: 'EAST' | 'WEST',
): void {
  const row = Math.max(
    0,
    table.columns.findIndex(({ name }) => name === column),
  );
  const id = portId(table.name, column, side);
  const x = side === 'EAST' ? card.width : 0;
  ports.set(id, { id, x, y: rowMiddle(row), width: 0, height: 0, layoutOptions: { 'elk.port.side': side } });
}

function portId(table: string, column: string | undefined, side: 'EAST' | 'WEST'): string {
  return JSON.stringify([table, column, side]);
}

function toEdge(table: Table, key: ForeignKey, index: number): ElkExtendedEdge {
  const isLoop = key.referencedTable === table.name;
  return {
    id: `relation ${index}`,
    sources: [portId(key.referencedTable, key.referencedColumns[0], 'EAST')],
    targets: [portId(table.name, key.columns[0], isLoop ? 'EAST' : 'WEST')],
  };
}

function toRelation({ table, key }: Relation, all: readonly Relation[], edge: ElkExtendedEdge): ErRelation {
  const [section] = edge.sections ?? [];
  const sharing = all.filter((other) => other.key.referencedTable === key.referencedTable);
  return {
    label: `${table.name} (${key.columns.join(', ')}) references ${key.referencedTable} (${key.referencedColumns.join(', ')})`,
    points: section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [],
    optional: sharing.every((other) => isOptional(other.table, other.key)),
    single: isSingle(table, key),
    loop: key.referencedTable === table.name,
  };
}
