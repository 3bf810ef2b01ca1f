/**
 * Registers the service worker, which keeps the files of the coding page.
 *
 * @returns its registration; `undefined` if there is none: during development, or in a private window. The page then works
 * just the same, but not offline.
 */
export const keepOffline = async (): Promise<ServiceWorkerRegistration | undefined> => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return undefined
  try {
    await navigator.serviceWorker.register('./service-worker.js')
    return await navigator.serviceWorker.ready
  } catch (error) {
    console.warn(error)
    return undefined
  }
}
