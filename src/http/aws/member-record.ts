import type { MemberList } from '../../model/members.ts';

/** How members of each kind are sent: times as epoch seconds with milliseconds as a fraction; enums as any text. */
interface WireForms {
  text: string;
  integer: number;
  flag: boolean;
  time: number;
  list: readonly unknown[];
  object: Readonly<Record<string, readonly string[]>>;
  output: string;
}

/** The names of outer members, such as `NotificationConfig` in `NotificationConfig.NotificationArn`. */
type Outer<Aws> = Aws extends `${infer Name}.${string}` ? Name : never;

type Within<List extends MemberList, Name extends string> = {
  readonly [Key in keyof List as List[Key]['aws'] extends `${Name}.${infer Own}`
    ? Own
    : never]?: WireForms[List[Key]['kind']];
};

/** The members of a list as AWS writes them. An absent member stays absent, and `""` stays `""`. */
export type MemberRecord<List extends MemberList> = {
  readonly [Key in keyof List as List[Key]['aws'] extends `${string}.${string}`
    ? never
    : List[Key]['aws']]?: WireForms[List[Key]['kind']];
} & { readonly [Name in Outer<List[keyof List]['aws']>]?: Within<List, Name> };
