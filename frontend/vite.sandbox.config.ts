import { defineConfig } from 'vite';

// The sandbox page has no origin, so its script is one classic file: modules would have to be shared with strangers.
export default defineConfig({
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: '../assets/sandbox',
    emptyOutDir: false,
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 5_000,
    lib: { entry: 'sandbox/diagram.ts', formats: ['iife'], name: 'diagram', fileName: () => 'diagram.js' },
    rollupOptions: { output: { codeSplitting: false } },
  },
});
