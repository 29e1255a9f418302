import Tensors
import Testing

struct MatrixTests {
  private let matrix = Matrix(rows: 3, columns: 2, scalars: [1, 2, 3, 4, 5, 6])

  @Test("entries are row by row")
  func rowMajor() {
    #expect(matrix[1, 0] == 3 && matrix[2, 1] == 6)
    #expect(Array(matrix.row(1)) == [3, 4])
  }

  @Test("rows are picked in the order asked for, as often as asked for")
  func picking() {
    #expect(
      matrix.rows(at: [2, 0, 2]) == Matrix(rows: 3, columns: 2, scalars: [5, 6, 1, 2, 5, 6]))
  }
}
