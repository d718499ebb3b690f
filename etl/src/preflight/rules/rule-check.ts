import type { RuleOf, RuleType } from "../../contract/contract-schema.ts";
import type { Cell } from "../database.ts";
import type { Sample } from "../finding.ts";
import type { StagedTable } from "../staged-table.ts";

/** What a rule may look at. */
export interface RuleContext {
  table: StagedTable;
  /** milliseconds since 1970-01-01 UTC */
  now: number;
  /** the rows of the other file, by profile name; `null` when it was not delivered */
  related: (profile: string) => Promise<StagedTable | null>;
  /** Lines for which a statement of the contract holds, found without any right to write. */
  askReadOnly: (statement: string, timeoutSeconds: number) => Promise<ReadOnlyAnswer>;
}

export interface ReadOnlyAnswer {
  count: number;
  /** SQL that gives these lines as `line` */
  lines: string;
}

export type Observed = Record<string, Cell | Cell[]>;

/** What a rule found. It only says whether it is broken; the severity is the rule's own. */
export interface RuleAnswer {
  /** broken places; 0 = kept */
  count: number;
  observed: Observed;
  /** counts in words */
  message: string;
  /** column that findings point at */
  column: string | null;
  samples: Sample[];
  /** SQL that gives the broken rows as `line`; `null` when the rule is not about single rows */
  lines: string | null;
  /** why the rule could not be asked at all */
  skipped?: string;
}

export type RuleCheck<T extends RuleType> = (rule: RuleOf<T>, context: RuleContext) => Promise<RuleAnswer>;
