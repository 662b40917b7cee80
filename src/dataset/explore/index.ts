/** The page about a data set; apart, because its charts take long to load. */
export { type ExplorePageOptions, explorePage } from './page.js';
