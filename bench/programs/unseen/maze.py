import heapq
import sys
from collections import deque

MAZE = """
#########
#S..#...#
#.#.#.#.#
#.#...#.#
#.#####.#
#......E#
#########
""".strip().splitlines()


def find(mark):
    return next((r, c) for r, row in enumerate(MAZE) for c, cell in enumerate(row) if cell == mark)


def steps(place):
    row, column = place
    for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        if MAZE[row + down][column + right] != "#":
            yield row + down, column + right


def breadth_first(start, goal):
    came, queue = {start: None}, deque([start])
    while queue:
        place = queue.popleft()
        if place == goal:
            break
        for near in steps(place):
            if near not in came:
                came[near] = place
                queue.append(near)
    path = []
    while goal is not None:
        path.append(goal)
        goal = came[goal]
    return path[::-1]


def a_star(start, goal):
    guess = lambda place: abs(place[0] - goal[0]) + abs(place[1] - goal[1])
    heap, cost = [(guess(start), start)], {start: 0}
    visited = 0
    while heap:
        _, place = heapq.heappop(heap)
        visited += 1
        if place == goal:
            return cost[place], visited
        for near in steps(place):
            new = cost[place] + 1
            if new < cost.get(near, sys.maxsize):
                cost[near] = new
                heapq.heappush(heap, (new + guess(near), near))


start, goal = find("S"), find("E")
path = breadth_first(start, goal)
canvas = [list(row) for row in MAZE]
for row, column in path[1:-1]:
    canvas[row][column] = "+"
print("\n".join("".join(row) for row in canvas))
print(len(path) - 1, a_star(start, goal), heapq.nlargest(2, path), heapq.nsmallest(1, path, key=sum))
