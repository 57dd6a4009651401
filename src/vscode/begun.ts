/** When the first line of the bundle ran. Imported before everything else, so that loading counts too. */
export const begun = performance.now();
