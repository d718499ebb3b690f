import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A source of randomness that a seed decides completely: the same seed gives the same draws on every machine. */
export interface Random {
  /** uniform in [0, 1) */
  uniform(): number;
  /** standard normal */
  normal(): number;
  /** whole number in [low, high], both included */
  integer(low: number, high: number): number;
}

/** @param seed whole number; only its low 32 bits count */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    normal() {
      // Box and Muller (1958); 1 - u keeps the logarithm away from 0.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return radius * Math.cos(2 * Math.PI * uniform());
    },
    integer: (low, high) => low + Math.floor(uniform() * (high - low + 1)),
  };
}
