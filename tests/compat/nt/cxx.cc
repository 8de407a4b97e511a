/*
 * A C++ program with the drop-in headers: libstdc++'s headers find in the
 * global name space what they want, and mean this library's functions by it.
 * check_cxx.sh includes the public headers before or behind these.
 */
#ifdef OURS_FIRST
#include "ours.h"
#endif
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cwchar>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#ifndef OURS_FIRST
#include "ours.h"
#endif

namespace {

volatile std::sig_atomic_t caught;
int failures;

void
check(bool ok, const char *what)
{
	if (!ok) {
		std::cerr << "not so: " << what << std::endl;
		failures++;
	}
}

extern "C" void
catch_it(int)
{
	caught = caught + 1;
}

/* std::signal is the library's, or nobody would see kill(). */
void
signals()
{
	check(std::signal(SIGUSR1, catch_it) == SIG_DFL, "std::signal");
	check(kill(getpid(), SIGUSR1) == 0 && caught == 1, "kill");
	check(std::raise(SIGUSR1) == 0 && caught == 2, "std::raise");
}

/* What a stream writes, read(2) reads, by the same name. */
void
files()
{
	const std::filesystem::path name = "cxx.data";
	char got[6] = "";
	int fd;

	{
		std::ofstream out(name, std::ios::binary);
		out << "abcde";
	}
	fd = open("cxx.data", O_RDONLY | O_CLOEXEC);
	check(fd != -1 && read(fd, got, 5) == 5, "read");
	check(std::strcmp(got, "abcde") == 0, "what a stream wrote");
	check(close(fd) == 0, "close");
	check(std::filesystem::file_size(name) == 5, "file_size");
	check(std::remove("cxx.data") == 0, "std::remove");
	errno = 0;
	check(open("cxx.data", O_RDONLY) == -1 && errno == ENOENT, "errno");
}

/* std::FILE is stdio's, and std::fopen takes POSIX's names. */
void
streams()
{
	std::FILE *f = std::fopen("cxx.data", "w+");
	char line[32] = "";

	check(f != nullptr && std::fputs("line\n", f) >= 0, "std::fopen");
	std::rewind(f);
	check(std::fgets(line, sizeof(line), f) != nullptr &&
	    std::strcmp(line, "line\n") == 0, "std::fgets");
	check(fileno(f) >= 0 && std::fclose(f) == 0, "std::fclose");
	check(unlink("cxx.data") == 0, "unlink");
}

void
threads()
{
	std::mutex mutex;
	std::vector<std::thread> all;
	int sum = 0, i;
	bool got = true;

	mutex.lock();
	std::thread([&mutex, &got] { got = mutex.try_lock(); }).join();
	mutex.unlock();
	check(!got, "std::mutex");
	for (i = 1; i <= 4; i++)
		all.emplace_back([&mutex, &sum, i] {
			std::lock_guard<std::mutex> lock(mutex);
			sum += i;
		});
	for (auto &t : all)
		t.join();
	check(sum == 10, "std::thread");
}

void
times()
{
	auto before = std::chrono::steady_clock::now();
	struct timespec ts = { 0, 1000000 };
	std::time_t now = std::time(nullptr);

	check(nanosleep(&ts, nullptr) == 0, "nanosleep");
	check(std::chrono::steady_clock::now() > before, "steady_clock");
	check(std::gmtime(&now)->tm_year > 100, "std::gmtime");
}

/* The overloads, too. */
void
library()
{
	int (*run)(const char *) = std::system;

	check(setenv("CXX_NAME", "value", 1) == 0, "setenv");
	check(std::string(std::getenv("CXX_NAME")) == "value", "std::getenv");
	check(run("exit 3") == 3 << 8, "std::system");
	check(std::abs(-2L) == 2 && abs(-2.5) == 2.5, "abs");
	check(std::wcslen(L"four") == 4, "std::wcslen");
	check(std::stoi("12") + std::lround(0.5) == 13, "std::stoi");
}

}

int
main()
{
	signals();
	files();
	streams();
	threads();
	times();
	library();
	try {
		throw std::string("thrown");
	} catch (const std::string &s) {
		check(s == "thrown", "catch");
	}
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
