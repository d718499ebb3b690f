import { createTheme, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#e3f1eb",
  "#c5e3d6",
  "#9fd2bd",
  "#76c2a3",
  "#4fc596",
  "#2f9e76",
  "#1b8561",
  "#0d6b4f",
  "#0a5a42",
  "#074734",
];

/** Dark greys with a tint of blue, from text to ground. */
const dark: MantineColorsTuple = [
  "#e8edf1",
  "#c3ccd4",
  "#9aa8b4",
  "#75838f",
  "#3a4855",
  "#26323d",
  "#151d25",
  "#151d25",
  "#111920",
  "#0e141a",
];

/** Mantine with the type scale (12, 13, 14, 16, 20, 28), the one accent and hairline borders instead of shadows. */
export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm", fw: 500 } },
    Tooltip: {
      defaultProps: { openDelay: 250, withArrow: true, events: { hover: true, focus: true, touch: true } },
    },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
  },
});
