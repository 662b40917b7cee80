import fc from 'fast-check';

// `npm test` draws the same random cases every time, so that it says of a change only what the change did. `test:full`
// draws new ones.
fc.configureGlobal({ seed: 20211231 });
