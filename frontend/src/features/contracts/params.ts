import { createParser } from "nuqs";

/** A name as registries and contracts write them. */
const parseAsName = createParser<string>({
  parse: (text) => (/^[\w.:-]{1,128}$/.test(text) ? text : null),
  serialize: (value) => value,
});

/** What of the page is in the address: the contract, its version, the file of a delivery, the version compared with. */
export const contractParams = {
  contract: parseAsName,
  version: parseAsName,
  file: parseAsName,
  against: parseAsName,
};
