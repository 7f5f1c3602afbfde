// The web app -> dist/web, with a manifest by which the server names its files. npm start builds it when it has changed.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../../../dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // The policy of our pages allows no data: scripts and no inline ones.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: { input: `${import.meta.dirname}/main.tsx` },
  },
});
