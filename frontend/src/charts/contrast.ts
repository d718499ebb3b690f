/** Red, green and blue of `#rrggbb` or `#rgb` (what a minifier makes of it), 0–255; null for any other way to write a colour. */
function channels(color: string): [number, number, number] | null {
  const long = color.length === 4 ? color.replace(/[0-9a-f]/gi, "$&$&") : color;
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(long);
  if (match === null) return null;
  const [, red = "", green = "", blue = ""] = match;
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

/** The colour at `share` (0–1) of the way from one colour to another; `from` when one of them is not a hex colour. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  if (a === null || b === null) return from;
  return `#${a
    .map((value, i) =>
      Math.round(value + ((b[i] ?? value) - value) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** Contrast of two colours, 1 to 21; 1 when one of them is not a hex colour. Source: WCAG 2.2, relative luminance. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  if (a === null || b === null) return 1;
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Whichever of two colours reads better on a ground. */
export const readableOn = (ground: string, one: string, other: string): string =>
  contrast(ground, one) >= contrast(ground, other) ? one : other;

function luminance(color: string): number | null {
  const rgb = channels(color);
  if (rgb === null) return null;
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
