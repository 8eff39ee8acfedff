import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: [
    './src/db/schema.ts',
    './src/db/commands.ts',
    './src/db/command-senders.ts',
    './src/db/ledger-tables.ts',
    './src/db/retention-tables.ts',
    './src/db/late-looks.ts',
    './src/db/owed-tables.ts',
    './src/db/search-tables.ts',
  ],
  out: './migrations',
});
