import { parseAsName } from "../../lib/url-state.ts";

/** What of the page is in the address: the contract, its version, the file of a delivery, the version compared with. */
export const contractParams = {
  contract: parseAsName,
  version: parseAsName,
  file: parseAsName,
  against: parseAsName,
};
