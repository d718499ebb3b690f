/** The look of a label above an input of Mantine: the same as of a {@link Field}. */
export const fieldLabel = { fz: 12, fw: 500, lh: 1.5, c: "dimmed", mb: 4 } as const;
