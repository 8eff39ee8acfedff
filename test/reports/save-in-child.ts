import { saveReport } from '../../src/reports/saved/save-report.ts';

// Saves this many reports at once. Arguments: <file> <prefix of their names> <how many>.
const [reportsFile = '', prefix = '', count = ''] = process.argv.slice(2);
const names = Array.from({ length: Number(count) }, (_, i) => `${prefix}${i}`);
await Promise.all(
  names.map((name) =>
    saveReport({ configured: [], reportsFile }, { name, description: 'd', sql: 'SELECT 1', parameters: [] }),
  ),
);
