import { createContext, useContext } from 'hono/jsx';
import { z } from 'zod';

const Display = z.object({
  /** An IANA time zone that this Node.js knows. */
  zone: z.string().refine(isZone).catch('UTC'),
  theme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  /** Whether single keys do something. WCAG 2.1.4 requires a way to turn them off. */
  keys: z.enum(['on', 'off']).catch('on'),
});

/** The names of the colour themes. */
export const THEMES = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** How a person wants to see the pages. It changes only their look, not their content. */
export type Display = z.output<typeof Display>;

/** Reads the values of a cookie or of a form. A value that can't be read becomes the default. */
export function readDisplay(given: Record<string, unknown>): Display {
  return Display.parse(given);
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const Context = createContext<Display>(readDisplay({}));

export const DisplayProvider = Context.Provider;

/** How to show the page that is being made. */
export function useDisplay(): Display {
  return useContext(Context);
}
