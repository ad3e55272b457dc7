import { useCallback, useEffect, useState } from 'preact/hooks';
import { call, Problem } from './api.ts';

export interface Answer<T> {
  readonly value?: T;
  readonly problem?: Problem;
  readonly isLoading: boolean;
  /** Asks again; what is shown stays until the new answer is there. */
  readonly reload: () => void;
}

/** The answer to a GET, asked for anew whenever the path changes; nothing is asked while it is undefined. */
export function useCall<T>(path: string | undefined): Answer<T> {
  const [state, setState] = useState<{ path?: string; value?: T; problem?: Problem }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    const asking = new AbortController();
    call<T>('GET', path, undefined, asking.signal).then(
      (value) => setState({ path, value }),
      (error: unknown) => {
        if (!asking.signal.aborted) setState({ path, problem: problemOf(error) });
      },
    );
    return () => asking.abort();
  }, [path, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const { path: _, ...known } = state.path === path ? state : {};
  return { ...known, isLoading: path !== undefined && state.path !== path, reload };
}

/** Any error as something that can be shown with what to do about it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: 0, code: 'INTERNAL', detail, fix: 'Load the page again.' });
}

export interface Action {
  readonly isBusy: boolean;
  readonly problem: Problem | undefined;
  /** Does it, unless it is being done; what it rejects with is kept as the problem. */
  readonly start: (work: () => Promise<void>) => void;
}

/** Something that a person does and waits for. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const start = (work: () => Promise<void>): void => {
    if (isBusy) return;
    setBusy(true);
    setProblem(undefined);
    work()
      .catch((error: unknown) => setProblem(problemOf(error)))
      .finally(() => setBusy(false));
  };
  return { isBusy, problem, start };
}
