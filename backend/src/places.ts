import { HttpRefusal } from "./errors.ts";

/**
 * A limited number of places for answers that hold a database connection for as long as their client reads: a few slow
 * readers must not take all connections from everybody else.
 *
 * @param places how many such answers may be under way
 */
export function limitedPlaces(places: number): { take: () => () => void } {
  let free = places;
  return {
    /**
     * @returns gives the place back; calling it again does nothing
     * @throws {HttpRefusal} 503 when every place is taken
     */
    take() {
      if (free === 0) {
        throw new HttpRefusal(
          503,
          "long_answers_busy",
          `${places} long answers are being read already; try again in a moment, or ask for aggregate=chain or one store`,
        );
      }
      free--;
      let given = false;
      return () => {
        if (!given) free++;
        given = true;
      };
    },
  };
}
