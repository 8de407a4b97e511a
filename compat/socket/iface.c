#include <net/if.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fd/result.h"
#include "socket/iface_nt.h"

_Static_assert(NT_IF_NAME == IF_NAMESIZE, "NT's names fit");

unsigned int
if_nametoindex(const char *name)
{
	unsigned int index = nt_if_index(name);

	if (index == 0)
		(void)result(ENODEV, 0);
	return index;
}

char *
if_indextoname(unsigned int index, char *name)
{
	return result_ptr(nt_if_name(index, name), name);
}

/* The array and its names are one block. */
static struct if_nameindex *
make_array(const struct nt_if *list)
{
	struct if_nameindex *array;
	const struct nt_if *i;
	size_t n = 1, text = 0, size;
	char *name;

	for (i = list; i != NULL; i = i->next) {
		n++;
		text += strlen(i->name) + 1;
	}
	if ((array = malloc(n * sizeof(*array) + text)) == NULL)
		return NULL;
	name = (char *)&array[n];
	for (n = 0, i = list; i != NULL; i = i->next) {
		size = strlen(i->name) + 1;
		array[n].if_index = i->index;
		array[n++].if_name = memcpy(name, i->name, size);
		name += size;
	}
	array[n].if_index = 0;
	array[n].if_name = NULL;
	return array;
}

struct if_nameindex *
if_nameindex(void)
{
	struct if_nameindex *array;
	struct nt_if *list;
	int err;

	if ((err = nt_if_list(&list)) != 0)
		return result_ptr(err == ENOMEM ? ENOBUFS : err, NULL);
	array = make_array(list);
	nt_if_free(list);
	return result_ptr(array == NULL ? ENOBUFS : 0, array);
}

void
if_freenameindex(struct if_nameindex *array)
{
	free(array);
}
