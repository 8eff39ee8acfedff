import type { MemberList } from '../../model/members.ts';

/** What a member is on the wire by its kind. Times are epoch seconds, fractions are milliseconds; enums are open text. */
interface WireForms {
  text: string;
  integer: number;
  flag: boolean;
  time: number;
  list: readonly unknown[];
  object: Readonly<Record<string, readonly string[]>>;
  output: string;
}

/** The names of the members that have members of their own: `NotificationConfig` of `NotificationConfig.NotificationArn`. */
type Outer<Aws> = Aws extends `${infer Name}.${string}` ? Name : never;

type Within<List extends MemberList, Name extends string> = {
  readonly [Key in keyof List as List[Key]['aws'] extends `${Name}.${infer Own}`
    ? Own
    : never]?: WireForms[List[Key]['kind']];
};

/** The members of a list as AWS writes them. A member that is absent stays absent, and `""` stays `""`. */
export type MemberRecord<List extends MemberList> = {
  readonly [Key in keyof List as List[Key]['aws'] extends `${string}.${string}`
    ? never
    : List[Key]['aws']]?: WireForms[List[Key]['kind']];
} & { readonly [Name in Outer<List[keyof List]['aws']>]?: Within<List, Name> };
