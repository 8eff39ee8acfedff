import { createContext, useContext } from 'hono/jsx';
import { z } from 'zod';

const Display = z.object({
  /** An IANA time zone that this Node.js knows. */
  zone: z.string().refine(isZone).catch('UTC'),
  theme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  /** Whether single keys do something. WCAG 2.1.4 wants them to be turned off. */
  keys: z.enum(['on', 'off']).catch('on'),
});

/** The colours that there are, as they are called. */
export const THEMES = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** How a person wants to see the pages; it says nothing of what they show. */
export type Display = z.output<typeof Display>;

/** Of a cookie's text, or of a form's fields over what was before; what can't be read is as it is by default. */
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

/** How the page that is being made is to be seen. */
export function useDisplay(): Display {
  return useContext(Context);
}
