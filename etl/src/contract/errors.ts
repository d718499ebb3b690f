import { AppError, type RefusalKind } from "@rossmann/core";

/** One mistake in a contract file, where it is and what to write instead. */
export interface ContractMistake {
  /** line in the file, from 1 */
  line: number;
  /** where in the document: `profiles.train.columns[2].dtype` */
  path: string;
  message: string;
}

/**
 * A contract or its registry cannot be used. Codes:
 * - `contract_file_missing`, `contract_registry_missing`  no such file
 * - `contract_invalid`     the file breaks the form; `mistakes` names every line
 * - `contract_unknown`, `contract_version_unknown`  the registry does not list it
 * - `contract_inactive`    the registry lists it as retired
 * - `contract_changed`     a released version's file no longer has its recorded hash
 * - `contract_released`    a released version cannot be released again
 * - `contract_profile_unknown`  the contract has no profile of that name
 */
export class ContractError extends AppError {
  readonly mistakes: readonly ContractMistake[];

  constructor(
    code: string,
    kind: RefusalKind,
    message: string,
    mistakes: readonly ContractMistake[] = [],
    options?: ErrorOptions,
  ) {
    super(code, kind, message, options);
    this.mistakes = mistakes;
  }
}

/** A refusal that lists every mistake of one file, each on its line. */
export function invalidContract(file: string, mistakes: ContractMistake[]): ContractError {
  const ordered = mistakes.toSorted((a, b) => a.line - b.line);
  const listed = ordered.map((m) => `line ${m.line}: ${m.message}`).join("; ");
  return new ContractError(
    "contract_invalid",
    "invalid",
    `${file} is not a usable contract: ${listed}`,
    ordered,
  );
}
