#include "manager.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/nt.h"

#define POLL_MS 20
#define LIMIT_MS 40000

static SC_HANDLE manager, service;
static char name[64];

static int
failed(const char *what)
{
	(void)fprintf(stderr, "%s: error %lu\n", what, GetLastError());
	return -1;
}

int
manager_install(const char *program, const char *words)
{
	char line[8192], *c;

	(void)snprintf(name, sizeof(name), "libcompat-test-%lu-%lu",
	    GetCurrentProcessId(), GetTickCount());
	(void)snprintf(line, sizeof(line), "\"%s\" %s", program, words);
	for (c = line; *c != '\0' && c < line + strlen(program) + 1; c++)
		if (*c == '/')
			*c = '\\';
	if ((manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS)) ==
	    NULL)
		return failed("OpenSCManager");
	service = CreateServiceA(manager, name, name, SERVICE_ALL_ACCESS,
	    SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START,
	    SERVICE_ERROR_IGNORE, line, NULL, NULL, NULL, NULL, NULL);
	(void)atexit(manager_remove);
	return service != NULL ? 0 : failed("CreateService");
}

const char *
manager_name(void)
{
	return name;
}

int
manager_start(void)
{
	return StartServiceA(service, 0, NULL) ? 0 : failed("StartService");
}

static int
control(DWORD what)
{
	SERVICE_STATUS status;

	return ControlService(service, what, &status) ? 0 :
	    failed("ControlService");
}

int
manager_stop(void)
{
	return control(SERVICE_CONTROL_STOP);
}

int
manager_change(void)
{
	return control(SERVICE_CONTROL_PARAMCHANGE);
}

int
manager_wait(void)
{
	SERVICE_STATUS s;
	int waited;

	for (waited = 0; waited < LIMIT_MS; waited += POLL_MS) {
		if (!QueryServiceStatus(service, &s))
			return failed("QueryServiceStatus");
		if (s.dwCurrentState == SERVICE_STOPPED)
			return s.dwWin32ExitCode ==
			    ERROR_SERVICE_SPECIFIC_ERROR ?
			    (int)s.dwServiceSpecificExitCode :
			    (int)s.dwWin32ExitCode;
		Sleep(POLL_MS);
	}
	return -1;
}

void
manager_remove(void)
{
	SERVICE_STATUS status;

	if (service == NULL)
		return;
	(void)ControlService(service, SERVICE_CONTROL_STOP, &status);
	(void)DeleteService(service);
	(void)CloseServiceHandle(service);
	(void)CloseServiceHandle(manager);
	service = NULL;
}
