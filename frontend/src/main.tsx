import "@fontsource-variable/inter";
import "@mantine/core/styles.css";
import "./app/tokens.css";
import "./app/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { installPrintScheme } from "./app/print-scheme.ts";

installPrintScheme();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html must have an element #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
