import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

export default defineConfig({
  // Where the api serves it.
  base: '/console/',
  // The console speaks English, and so does what React Aria says to screen readers.
  plugins: [
    react(),
    optimizeLocales.vite({ locales: ['en-US'] }),
    // Once here, rather than for each who asks; the api sends what a browser can read.
    compression({ include: /\.(js|css)$/, logLevel: 'silent' }),
  ],
  build: {
    // The first ones with light-dark(), which would otherwise be replaced by what follows the system alone.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // The Content-Security-Policy lets scripts and styles be files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '^/(?!console)': process.env['API_URL'] ?? 'http://127.0.0.1:8080' },
  },
});
