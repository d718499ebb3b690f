/// <reference types="vite/client" />

interface ImportMetaEnv {
  readonly VITE_API_BASE_URL?: string;
  readonly VITE_LOCALE?: string;
  readonly VITE_CURRENCY?: string;
}
