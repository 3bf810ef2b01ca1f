// JavaScript, as Nx would otherwise look for a TypeScript loader of its own.
export { default } from './src/generate-head.ts'
