import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: [
    './src/db/schema/schema.ts',
    './src/db/schema/commands.ts',
    './src/db/schema/command-states.ts',
    './src/db/schema/command-senders.ts',
    './src/db/schema/pass-tables.ts',
    './src/db/schema/ledger-tables.ts',
    './src/db/schema/retention-tables.ts',
    './src/db/schema/late-looks.ts',
    './src/db/schema/owed-tables.ts',
    './src/db/schema/search-tables.ts',
    './src/db/schema/full-outputs.ts',
    './src/db/schema/sealed-tables.ts',
    './src/db/schema/lake-tables.ts',
  ],
  out: './migrations',
});
