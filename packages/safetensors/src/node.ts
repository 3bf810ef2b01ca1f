export { type LoadSafetensorsOptions, loadSafetensors } from './load-safetensors.ts'
export { type OpenSafetensors, openSafetensors } from './open-safetensors.ts'
export { readBytes } from './read-bytes.ts'
export { saveSafetensors } from './save-safetensors.ts'
