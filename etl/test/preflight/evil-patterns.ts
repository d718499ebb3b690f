/**
 * A hundred patterns that take exponential or quadratic time in engines that backtrack, each with a text on which they do.
 * The texts have 50 kB, as much as a cell may have.
 */
export function evilPatterns(characters = 50_000): { pattern: string; text: string }[] {
  const cores = [
    "(a+)+",
    "(a*)*",
    "(a|a)*",
    "(a|aa)+",
    "(a|a?)+",
    "([a-z]+)*",
    "(a+a+)+",
    "(.*)*",
    "(.*a){8}",
    "(a{1,20}){1,20}",
    "(x+x+)+y",
    "(\\w+\\s?)*",
    "(\\d+)*\\d+",
    "([a-zA-Z0-9_.-]+)+@",
    "(a?){30}a{30}",
    ".*.*.*.*.*=.*",
    "(ab|a|b)*c",
    "((a|b)*)*c",
    "(a*b?)*c",
    "(\\s*\\S+\\s*)*;",
  ];
  const tails = ["", "$", "z", "[0-9]", "(end)"];
  return cores.flatMap((core, index) =>
    tails.map((tail) => ({
      pattern: `${core}${tail}`,
      text: `${"axab1"[index % 5]!.repeat(characters - 1)}!`,
    })),
  );
}
