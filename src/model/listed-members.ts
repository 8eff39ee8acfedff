import { COMMAND_MEMBERS, type CommandMember } from './members.ts';

type Commands = Readonly<Record<string, CommandMember>>;

type Listed<List extends Commands> = {
  [Name in keyof List as List[Name] extends { isListed: true } ? Name : never]: List[Name];
};

/** The members that are shown for each command in a list of commands. Times come last. */
export const LISTED_COMMAND_MEMBERS = listedOf(COMMAND_MEMBERS);

function listedOf<List extends Commands>(list: List): Listed<List>;
function listedOf(list: Commands): Commands {
  const listed = Object.entries(list).filter(([, { isListed }]) => isListed);
  const isTime = ([, { kind }]: (typeof listed)[number]) => kind === 'time';
  return Object.fromEntries([...listed.filter((member) => !isTime(member)), ...listed.filter(isTime)]);
}
