// Loaded before a program of the product (`node --import`). The program's clock is then `ms` milliseconds ahead:
// `shift-clock.mjs?ms=-1000`. Its children inherit it with Node's other options.
const ms = Number(new URL(import.meta.url).searchParams.get('ms'));

const real = Date;

globalThis.Date = class extends real {
  constructor(...parts) {
    if (parts.length === 0) super(real.now() + ms);
    else super(...parts);
  }

  static now() {
    return real.now() + ms;
  }
};
