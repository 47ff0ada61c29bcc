/** The node agent: runs pods as local processes. */
export type { Image, ImageStore } from './images/image.ts';
