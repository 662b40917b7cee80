import { useState } from 'preact/hooks';
import { closeToServer } from './api.js';
import { type Problem, problemOf } from './field.js';
import { goPrivate } from './private-mode.js';

/** A problem: the network could not be loaded, and nothing is sent either. */
export type PrivateMode = 'off' | 'loading' | 'on' | Problem;

/** Kept, so that a page that was private is private when it is opened again. */
const ITEM = 'cytolocus-private';

/** Private mode and its switch; while it is on, nothing is asked of the server. */
export function usePrivateMode(): [mode: PrivateMode, turn: (on: boolean) => Promise<void>] {
  const [mode, setMode] = useState<PrivateMode>(localStorage.getItem(ITEM) === null ? 'off' : 'loading');
  async function turn(on: boolean): Promise<void> {
    closeToServer(false);
    if (!on) {
      localStorage.removeItem(ITEM);
      setMode('off');
      return;
    }
    localStorage.setItem(ITEM, 'on');
    setMode('loading');
    try {
      await goPrivate();
      closeToServer(true);
      setMode('on');
    } catch (error) {
      setMode(problemOf(error));
    }
  }
  return [mode, turn];
}
