# tests of meta
