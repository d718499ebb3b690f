/** The API's answers, as the counter itself describes them. Types only: no code of the server reaches the browser. */
import type { ChainSalesPoint, StoreSalesPoint } from "@rossmann/backend";

export type * from "@rossmann/backend";

/** A day or a month of one store, or of the chain; for the chain, marks are numbers of stores. */
export type SalesPoint = StoreSalesPoint | ChainSalesPoint;
