export { type LoadSafetensorsOptions, loadSafetensors } from './safetensors/load-safetensors.ts'
export { saveSafetensors } from './safetensors/save-safetensors.ts'
