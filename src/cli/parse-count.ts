import { InvalidArgumentError } from 'commander';

/** A whole number from 1 to `most`, as an option's value. */
export function parseCount(most: number): (value: string) => number {
  return (value) => {
    const count = Number(value);
    if (/^\d+$/.test(value) && count >= 1 && count <= most) return count;
    throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`);
  };
}
