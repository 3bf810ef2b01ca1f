export { type LoadSafetensorsOptions, loadSafetensors } from './safetensors/load-safetensors.ts'
export { type OpenSafetensors, openSafetensors } from './safetensors/open-safetensors.ts'
export { readBytes } from './safetensors/read-bytes.ts'
export { saveSafetensors } from './safetensors/save-safetensors.ts'
