import { h, type VNode } from 'preact';
import htm from 'htm';

/** Markup as a template: every value in it is text or an attribute, never markup. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
