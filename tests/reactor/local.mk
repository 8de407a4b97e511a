# tests of reactor
