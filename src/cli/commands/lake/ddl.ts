import { Argument, type Command } from '@commander-js/extra-typings';
import { loadConfig } from '../../../config/load-config.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { DDL_TABLE_NAMES } from '../../../lake/ddl/ddl-table.ts';
import { ENGINES, type EngineName, printDdl } from '../../../lake/ddl/print-ddl.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { packageVersion } from '../../../lib/process/package-root.ts';
import { nearNames, proposalOf } from '../../../lib/words/near-names.ts';
import { collected } from '../../options/collected.ts';
import type { Terminal } from '../../terminal.ts';
import { lakeOf } from '../seal/lake-of.ts';

const HELP = `
Nothing of the archive or the lake is read or written: the statements go to standard output, for you to run in that \
engine. Their comments say what to do when a new day is sealed. For iceberg they are a script for PyIceberg. \
docs/engines.md has more.`;

const NAMES = Object.keys(ENGINES).filter((name): name is EngineName => Object.hasOwn(ENGINES, name));

/** `lake ddl`: prints the statements with which another engine sees the lake. */
export function addDdl(lake: Command, terminal: Terminal): void {
  lake
    .command('ddl')
    .description('print the statements with which another engine sees the tables of the lake')
    .addArgument(new Argument('<engine>', 'the engine').choices(NAMES))
    .option('--location <place>', 'a folder, or s3://bucket/prefix, instead of the lake that the settings name')
    .option(
      '--table <name>',
      `only this table; may be given again (default: all: ${DDL_TABLE_NAMES.join(', ')})`,
      collected,
    )
    .addHelpText('after', HELP)
    .action((engine, { location: given, table }) => {
      const { config } = loadConfig(faultOfSchedule);
      const location = given ?? lakeOf(config).location;
      terminal.out(printDdl(engine, { location, tables: tablesOf(table), version: packageVersion() }));
    });
}

function tablesOf(given: readonly string[] = DDL_TABLE_NAMES): readonly string[] {
  for (const name of given)
    if (!DDL_TABLE_NAMES.includes(name))
      throw new UserFault(
        `--table accepts ${DDL_TABLE_NAMES.join(', ')}, not "${name}".${proposalOf(nearNames(name, DDL_TABLE_NAMES))}`,
        { exitCode: 2 },
      );
  return given;
}
