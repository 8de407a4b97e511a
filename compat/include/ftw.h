/* mingw's nftw works on another struct stat than ours: LIM-FILE-5. */
#error "libcompat has no <ftw.h>"
