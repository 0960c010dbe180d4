/** Whether the palette is open: buttons in several places open it. */
export const palette = $state({ open: false });
