/** Seconds for people: `45s`, `3m20s`, `5h07m`. */
export const formatDuration = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return '?'
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  const two = (n: number): string => String(n).padStart(2, '0')
  if (hours > 0) return `${hours}h${two(minutes)}m`
  return minutes > 0 ? `${minutes}m${two(whole % 60)}s` : `${whole}s`
}
