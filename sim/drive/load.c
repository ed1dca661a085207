#include "drive/load.h"

bool load_has_client(const uint32_t *clients, uint32_t count, uint32_t node)
{
    uint32_t first = 0, end = count;
    while (clients && first < end) {
        uint32_t middle = first + (end - first) / 2;
        if (clients[middle] == node) {
            return true;
        }
        *(clients[middle] < node ? &first : &end) = clients[middle] < node ? middle + 1 : middle;
    }
    return clients == NULL;
}
