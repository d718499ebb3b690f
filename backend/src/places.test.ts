import { expect, test } from "vitest";
import { limitedPlaces } from "./places.ts";

test("limitedPlaces refuses when all are taken, and has one again for each that was given back, once", () => {
  const places = limitedPlaces(2);
  const first = places.take();
  places.take();
  expect(() => places.take()).toThrow("2 long answers");
  first();
  first();
  places.take();
  expect(() => places.take()).toThrow("2 long answers");
});
