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

/** Mantine with the type scale (12, 13, 14, 16, 20, 28), the one accent and hairline borders instead of shadows. */
export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.4,
  colors: { accent },
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
    SegmentedControl: {
      defaultProps: { styles: { root: { minHeight: 36 }, label: { lineHeight: "20px" } } },
    },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
  },
});
